import { type Static, Type } from 'typebox'
import { codecOf, decodeDocument } from '../protocol/codec.ts'
import type { Belief, Reading } from './believed-time.ts'

/** What the recorder writes down of its time, and what the operator's command writes for it. Small JSON files. */

const MAX_BYTES = 4096
const doubt = Type.Union([
  Type.Null(),
  Type.Object({ t: Type.Union([Type.Literal('ahead'), Type.Literal('behind')]), byMs: Type.Number() }),
])
const measured = {
  bootId: Type.String({ maxLength: 80 }),
  steadyMs: Type.Number({ minimum: 0 }),
  offsetMs: Type.Number(),
  lowMs: Type.Number(),
  doubt,
}
const BeliefNote = Type.Union([
  Type.Object({ t: Type.Literal('running'), ...measured, highMs: Type.Number() }),
  Type.Object({
    t: Type.Literal('returning'),
    ...measured,
    creditMs: Type.Number({ minimum: 0 }),
    candidate: Type.Union([Type.Null(), Type.Object({ offsetMs: Type.Number(), sinceMs: Type.Number() })]),
  }),
])
const beliefNote = codecOf(BeliefNote, MAX_BYTES)

/** The clocks at the moment at which a person said that the wall clock is right. */
const Confirmation = Type.Object({
  wallMs: Type.Number({ minimum: 0 }),
  steadyMs: Type.Number({ minimum: 0 }),
  bootId: Type.String({ maxLength: 80 }),
})
type Confirmation = Static<typeof Confirmation>

export function encodeBelief(belief: Belief): Buffer {
  return Buffer.from(beliefNote.encode(belief))
}

/** Undefined where the note is damaged. */
export function decodeBelief(bytes: Uint8Array): Belief | undefined {
  try {
    return beliefNote.decode(bytes)
  } catch {
    return undefined
  }
}

export function encodeConfirmation(reading: Reading): Buffer {
  return Buffer.from(JSON.stringify(reading satisfies Confirmation))
}

export function decodeConfirmation(bytes: Uint8Array): Reading | undefined {
  try {
    return decodeDocument(Confirmation, Buffer.from(bytes).toString('utf8'), MAX_BYTES)
  } catch {
    return undefined
  }
}
