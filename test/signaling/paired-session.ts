import { PROTOCOL_VERSION } from '../../protocol/messages/signaling.ts'
import type { RunningService } from './running-service.ts'
import type { Message, TestSocket } from './test-socket.ts'

export const join = (nameplate: unknown) => ({ t: 'number.join', nameplate, protocol: PROTOCOL_VERSION })
export const body = (text: string) => Buffer.from(text).toString('base64url')
export const reattach = ({ sessionId, token }: Message) => ({ t: 'session.reattach', sessionId, token })

export interface Pair {
  readonly expert: TestSocket
  readonly customer: TestSocket
  readonly opened: Message
  readonly joined: Message
}

/** One running session. There must be a recorder. */
export async function pair(service: RunningService, cookie?: string): Promise<Pair> {
  const expert = await service.expert(cookie)
  const opened = await expert.ask({ t: 'session.open' }, 'session.opened')
  const customer = await service.customer()
  const joined = await customer.ask(join(opened.nameplate), 'session.joined')
  await expert.next('peer')
  return { expert, customer, opened, joined }
}
