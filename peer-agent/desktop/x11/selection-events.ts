import type { PropertyEvent, SelectionNotifyEvent, XEvent } from 'x11'
import type { XConnection } from './connection.ts'

export type SelectionEvent = SelectionNotifyEvent | PropertyEvent

/** What happens on one window while another program hands a selection over. Nothing that came early is lost. */
export interface SelectionEvents {
  /** The next one; one call at a time. */
  next(): Promise<SelectionEvent>
  /** Whoever waits now, or would wait later, gets this instead. */
  stop(reason: Error): void
}

export function selectionEvents(connection: XConnection, window: number): SelectionEvents {
  const { client } = connection
  const come: SelectionEvent[] = []
  let waiting: { resolve(event: SelectionEvent): void; reject(reason: Error): void } | undefined
  let stopped: Error | undefined

  const events = (event: XEvent) => {
    const isHere =
      (event.name === 'SelectionNotify' && event.requestor === window) ||
      (event.name === 'PropertyNotify' && event.wid === window)
    if (!isHere) return
    if (waiting) waiting.resolve(event)
    else come.push(event)
    waiting = undefined
  }
  client.on('event', events)

  return {
    next() {
      if (stopped) return Promise.reject(stopped)
      const first = come.shift()
      if (first) return Promise.resolve(first)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    stop(reason) {
      if (stopped) return
      stopped = reason
      client.removeListener('event', events)
      waiting?.reject(reason)
    },
  }
}
