import { setTimeout as pass } from 'node:timers/promises'
import { dialogWork } from './dialog-work.ts'
import { filmWork } from './film-work.ts'
import { fullscreenWork } from './fullscreen-work.ts'
import { idleWork } from './idle-work.ts'
import { keysWork } from './keys-work.ts'
import { randomFrom } from './random.ts'
import { openScreen } from './screen.ts'
import { scrollWork } from './scroll-work.ts'
import { typingWork } from './typing-work.ts'
import type { Kind, PrepareWork, Strips, Work } from './work.ts'

/** The program whose work is watched, as a process of its own. It does what it is told, one thing at a time. */
export type ToStimulus =
  | { readonly t: 'prepare'; readonly kind: Kind; readonly seed: number; readonly seconds: number }
  | { readonly t: 'begin'; readonly seconds: number }
  | { readonly t: 'report' }
export type FromStimulus =
  | { readonly t: 'ready' }
  | { readonly t: 'prepared'; readonly barcode: { x: number; y: number }; readonly strips?: Strips }
  | { readonly t: 'done'; readonly changes: readonly Change[]; readonly after?: Change }
/** A change by its number, and when the X server had drawn it: ms since 1970. */
export interface Change {
  readonly number: number
  readonly atMs: number
}

const WORKS: Readonly<Record<Kind, PrepareWork>> = {
  idle: idleWork,
  typing: typingWork,
  scroll: scrollWork,
  film: filmWork,
  fullscreen: fullscreenWork,
  dialog: dialogWork,
  keys: keysWork,
}

const AFTER_MS = 150

const screen = await openScreen(process.argv[2]!)
let work: Work | undefined
let changes: Change[] = []
let number = 0

async function change({ barcode }: Work, step: (number: number) => void): Promise<Change> {
  number++
  const now = number
  const atMs = await screen.change(() => {
    step(now)
    screen.barcode(now, barcode.x, barcode.y)
  })
  return { number: now, atMs }
}

async function prepare({ kind, seed, seconds }: ToStimulus & { t: 'prepare' }): Promise<void> {
  screen.forget()
  const prepared = await WORKS[kind](screen, randomFrom(seed), seconds)
  number = 0
  work = prepared
  await screen.change(() => {
    prepared.begin()
    screen.barcode(0, prepared.barcode.x, prepared.barcode.y)
  })
  tell({ t: 'prepared', barcode: prepared.barcode, ...(prepared.strips ? { strips: prepared.strips } : {}) })
}

async function begin(seconds: number): Promise<void> {
  const { everyMs, jitterMs } = work!
  changes = []
  const start = performance.now()
  const end = start + seconds * 1000
  if (everyMs === null) return
  for (let turn = 1; ; turn++) {
    const due = start + turn * everyMs + (Math.random() * 2 - 1) * jitterMs
    if (due > end + jitterMs + 1) break
    await pass(Math.max(0, due - performance.now()))
    changes.push(await change(work!, work!.step))
  }
  if (!work!.after) return tell({ t: 'done', changes })
  await pass(AFTER_MS)
  tell({ t: 'done', changes, after: await change(work!, work!.after) })
}

function tell(message: FromStimulus): void {
  process.send!(message)
}

screen.client.on('event', (event) => {
  if (event.name === ('KeyPress' as never) && work?.everyMs === null)
    void change(work, work.step).then((made) => changes.push(made))
})
process.on('message', (message: ToStimulus) => {
  if (message.t === 'prepare') void prepare(message)
  else if (message.t === 'begin') void begin(message.seconds)
  else tell({ t: 'done', changes })
})
process.on('disconnect', () => process.exit())
tell({ t: 'ready' })
