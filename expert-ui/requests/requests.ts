import {
  type AskForRecording,
  type DecideOnRequest,
  RequestList,
  RequestView,
  SessionList,
} from '../../protocol/messages/recording-requests.ts'
import { type Answer, ask, decoded } from '../account/service.ts'

/** The service's side of requests about recordings, as the page sees it. */

const JSON_HEADERS = { 'content-type': 'application/json' }

export async function loadRequests(): Promise<Answer<RequestList>> {
  return decoded(RequestList, await ask('/api/recording-requests', { method: 'GET' }))
}

export async function askForRecording(body: AskForRecording): Promise<Answer<RequestView>> {
  return decoded(RequestView, await post('/api/recording-requests', body))
}

export async function decide(id: string, t: DecideOnRequest['t']): Promise<Answer<RequestView>> {
  return decoded(RequestView, await post(`/api/recording-requests/${encodeURIComponent(id)}`, { t }))
}

/** @param day as `2026-11-28`, in UTC */
export async function sessionsOf(day: string): Promise<Answer<SessionList>> {
  return decoded(SessionList, await ask(`/api/recorded-sessions?day=${day}`, { method: 'GET' }))
}

function post(path: string, body: object): Promise<Answer<string>> {
  return ask(path, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) })
}
