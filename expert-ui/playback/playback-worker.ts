import { Intake } from './intake.ts'
import { KeyRing } from './key-ring.ts'
import { Screening } from './screening.ts'
import { SealedStore } from './sealed-store.ts'
import { StillIndex } from './still-index.ts'
import type { FromPlaybackWorker, ToPlaybackWorker } from './worker-messages.ts'

/**
 * Everything secret of one opening lives here and nowhere else in the page: the keys people brought, the session's
 * key, opened records and pictures. The page ends this worker when the player closes, and with it goes all of that.
 */

const page = self as unknown as {
  postMessage(message: FromPlaybackWorker, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<ToPlaybackWorker>) => void) | null
}

interface Open {
  readonly intake: Intake
  readonly screening: Screening
}

const fetching = new Map<
  number,
  { resolve: (entries: readonly Uint8Array[]) => void; reject: (error: Error) => void }
>()
const index = new StillIndex()
const store = new SealedStore(
  (from) =>
    new Promise((resolve, reject) => {
      fetching.set(from, { resolve, reject })
      page.postMessage({ t: 'fetch', from })
    }),
)
let begun:
  | { readonly canvas: OffscreenCanvas; readonly wraps: Uint8Array; readonly ring: KeyRing }
  | undefined
let open: Open | undefined
let turn: Promise<void> = Promise.resolve()
let wanted: number | null = null
let isShowing = false

page.onmessage = ({ data }) => {
  switch (data.t) {
    case 'begin':
      begun = { ...data, ring: new KeyRing(data.wraps) }
      break
    case 'key':
      turn = turn.then(() => bring(data))
      break
    case 'take-back':
      begun?.ring.takeBack(data.group)
      break
    case 'entries':
      store.add(data.from, data.entries)
      turn = turn.then(() => take(data.id, data.entries))
      break
    case 'fetched':
      if (data.entries) fetching.get(data.from)?.resolve(data.entries)
      else fetching.get(data.from)?.reject(new Error('not to be had'))
      fetching.delete(data.from)
      break
    case 'show':
      wanted = data.entry
      if (!isShowing) void show()
      break
    case 'read': {
      const pixels = open?.screening.pixels()
      if (pixels) page.postMessage({ t: 'pixels', id: data.id, pixels }, [pixels.rgba.buffer])
    }
  }
}

async function bring({ id, file, passphrase }: Extract<ToPlaybackWorker, { t: 'key' }>): Promise<void> {
  if (!begun) return
  const brought = await begun.ring.bring(file, passphrase)
  const key = open ? null : await begun.ring.sessionKey()
  if (key) {
    open = {
      intake: new Intake(key, index, begun.wraps),
      screening: new Screening(begun.canvas, index, store, key),
    }
  }
  page.postMessage({ t: 'key-answer', id, brought, isOpen: open !== undefined })
}

async function take(id: number, entries: readonly Uint8Array[]): Promise<void> {
  if (!open) return
  const happenings = await open.intake.take(entries)
  page.postMessage({ t: 'happened', id, happenings, verdict: open.intake.verdict })
}

/** Goes on until what was wanted last is shown; what was wanted in between is passed over. */
async function show(): Promise<void> {
  isShowing = true
  while (wanted !== null && open) {
    const entry = wanted
    wanted = null
    try {
      const shown = await open.screening.show(entry)
      if (shown) page.postMessage({ t: 'shown', shown })
    } catch {
      page.postMessage({ t: 'not-shown', entry })
    }
  }
  isShowing = false
}
