import { type FromWindow, fromWindow, type ToWindow, toWindow } from '../view.ts'
import { CLOSE_FINISHED, CLOSE_TAKEN_OVER } from '../wire-codes.ts'

/**
 * What the page learns from the wire to the agent: a message, or that no message will come any more.
 * `stopped`: the agent is gone. `finished`: it said goodbye. `elsewhere`: another page took over.
 */
export type WireNews =
  | { readonly kind: 'message'; readonly message: ToWindow }
  | { readonly kind: 'searching' | 'stopped' | 'finished' | 'elsewhere' }

const RETRY_MS = 300

/** Nobody answers on the agent's port: the process is gone. Any answer at all, even a refusal, is a sign of life. */
async function agentAnswers(): Promise<boolean> {
  return fetch('/alive', { cache: 'no-store' }).then(
    () => true,
    () => false,
  )
}

/** Opens the wire and keeps it open as long as the agent lives. */
export function openWire(url: string, tell: (news: WireNews) => void): { send(action: FromWindow): void } {
  let socket: WebSocket
  const connect = () => {
    socket = new WebSocket(url)
    socket.onmessage = ({ data }) => tell({ kind: 'message', message: toWindow.decode(String(data)) })
    socket.onclose = async ({ code }) => {
      if (code === CLOSE_FINISHED) return tell({ kind: 'finished' })
      if (code === CLOSE_TAKEN_OVER) return tell({ kind: 'elsewhere' })
      if (!(await agentAnswers())) return tell({ kind: 'stopped' })
      tell({ kind: 'searching' })
      setTimeout(connect, RETRY_MS)
    }
  }
  connect()
  return {
    send(action) {
      if (socket.readyState === WebSocket.OPEN) socket.send(fromWindow.encode(action))
    },
  }
}
