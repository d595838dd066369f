import type { XEvent } from 'x11'
import type { XConnection } from './connection.ts'

/** A window that is never shown: it stands for us where X wants a window to speak with. */
export interface UnseenWindow {
  readonly id: number
  /**
   * What time it is for the server, by which it judges who was first: the ICCCM wants no other in requests about
   * selections (2.1). `atom` names a property that is free for this.
   */
  serverTime(atom: number): Promise<number>
  destroy(): void
}

const INPUT_ONLY = 2
const COPY_FROM_PARENT = 0
const PROPERTY_CHANGE = 1 << 22
const APPEND = 2

export function createUnseenWindow(connection: XConnection): UnseenWindow {
  const { client, root } = connection
  const id = client.AllocID()
  client.CreateWindow(id, root, -1, -1, 1, 1, 0, COPY_FROM_PARENT, INPUT_ONLY, COPY_FROM_PARENT, {
    overrideRedirect: true,
    eventMask: PROPERTY_CHANGE,
  })
  return {
    id,
    async serverTime(atom) {
      let time: number | undefined
      const events = (event: XEvent) => {
        if (event.name === 'PropertyNotify' && event.wid === id && event.atom === atom) time = event.time
      }
      client.on('event', events)
      try {
        client.ChangeProperty(APPEND, id, atom, atom, 8, Buffer.alloc(0))
        // The event is on its way before the answer that this waits for.
        await connection.sync()
      } finally {
        client.removeListener('event', events)
      }
      if (time === undefined) throw new Error('The X server does not tell its time.')
      return time
    },
    destroy() {
      client.DestroyWindow(id)
    },
  }
}
