import type { XConnection } from './connection.ts'
import { isAPlace } from './key-places.ts'
import type { KeyboardNow } from './keyboard.ts'
import { type KeyboardMap, SHIFT } from './keyboard-map.ts'
import { keysymOf } from './keysyms.ts'
import { type KeyLoan, openLoanRecord } from './loan-record.ts'
import type { Receiver } from './receiver.ts'
import { levelKeysOf, type Stroke } from './strokes.ts'

/**
 * For characters that no key of the customer's has: keycodes without any meaning get one for a while. Nothing else of
 * the customer's layout is touched, and what was lent is taken back at the end.
 */
export interface BorrowedKeys {
  /**
   * Strokes for as many of these characters as there is room for, from the first on. Once it resolves the program
   * that has the keyboard knows them. Does nothing any more once `isWanted` is false.
   */
  borrow(
    characters: Iterable<string>,
    keyboard: KeyboardNow,
    isWanted: () => boolean,
  ): Promise<ReadonlyMap<string, Stroke>>
  /** To be told of every stroke: a key that a program may still have to deal with keeps its meaning until then. */
  struck(keycode: number): void
  takeBack(): Promise<void>
}

interface Spare {
  readonly keycode: number
  lent: KeyLoan['keysyms'] | undefined
  /** Counts up over all strokes; 0 is never. */
  lastStrike: number
}

/** The lowest keycode is no key: some tools that save a keyboard's map trip over its missing name. */
const FIRST_USABLE = 9
/** For programs that do not say when they have caught up: many times what those measured need. */
const TO_LEARN_MS = 30
const TO_CATCH_UP_MS = 250

export async function openBorrowedKeys(connection: XConnection, receiver: Receiver): Promise<BorrowedKeys> {
  const record = await openLoanRecord(connection)
  // What an agent left that was killed together with its parent.
  await record.takeBack()
  let spares = new Map<number, Spare>()
  let strikes = 0
  let strikesDealtWith = 0

  /** Also tells what somebody else changed meanwhile, e.g. by setting a layout. */
  function takeStock(map: KeyboardMap): void {
    const found = new Map<number, Spare>()
    for (const [keycode, key] of map.keys) {
      const [plain = 0, shifted = 0] = key.groups[0]?.keysyms ?? []
      const known = spares.get(keycode)
      const isStillLent = known?.lent?.[0] === plain && (known.lent[1] === 0 || known.lent[1] === shifted)
      const isFree = key.groups.every(({ keysyms }) => keysyms.every((keysym) => keysym === 0))
      if (isStillLent) found.set(keycode, known)
      else if (isFree && keycode >= FIRST_USABLE && !isAPlace(keycode))
        found.set(keycode, { keycode, lent: undefined, lastStrike: known?.lastStrike ?? 0 })
    }
    spares = found
  }

  async function waitForStrikes(): Promise<void> {
    const upTo = strikes
    await receiver.caughtUp(TO_CATCH_UP_MS)
    strikesDealtWith = upTo
  }

  return {
    async borrow(characters, { map, group }, isWanted) {
      takeStock(map)
      const shift = levelKeysOf(map, group).get(SHIFT)
      const plan = planLoans(characters, [...spares.values()], shift)
      if (plan.fresh.size > 0) {
        const lastStrike = Math.max(...[...plan.fresh.keys()].map((spare) => spare.lastStrike))
        if (lastStrike > strikesDealtWith) await waitForStrikes()
        if (!isWanted()) return new Map()
        for (const [spare, keysyms] of plan.fresh) spare.lent = keysyms
        const lent = [...spares.values()].flatMap(({ keycode, lent: keysyms }) =>
          keysyms ? [{ keycode, keysyms }] : [],
        )
        record.lend(
          lent,
          [...plan.fresh].map(([{ keycode }, keysyms]) => ({ keycode, keysyms })),
        )
        await receiver.caughtUp(TO_LEARN_MS)
      }
      return plan.strokes
    },
    struck(keycode) {
      const spare = spares.get(keycode)
      if (spare) spare.lastStrike = ++strikes
    },
    async takeBack() {
      if (strikes > strikesDealtWith) await waitForStrikes()
      await record.takeBack()
      spares.clear()
    },
  }
}

/** Which key is to have which character; free keys first, then those whose character was not needed for longest. */
function planLoans(
  characters: Iterable<string>,
  spares: readonly Spare[],
  shift: number | undefined,
): { strokes: Map<string, Stroke>; fresh: Map<Spare, KeyLoan['keysyms']> } {
  const strokes = new Map<string, Stroke>()
  const planned = new Map<Spare, KeyLoan['keysyms']>()
  const fresh = new Map<Spare, KeyLoan['keysyms']>()
  const age = (spare: Spare) => (spare.lent ? spare.lastStrike : -1)
  const oldestFirst = [...spares].sort((a, b) => age(a) - age(b))
  for (const character of characters) {
    const wanted = loanFor(character, shift !== undefined)
    const has = (spare: Spare) => isSame(planned.get(spare) ?? spare.lent, wanted)
    const spare = oldestFirst.find(has) ?? oldestFirst.find((one) => !planned.has(one))
    if (!spare) break
    if (!has(spare)) fresh.set(spare, wanted)
    planned.set(spare, wanted)
    const isPlain = keysymOf(character) === wanted[0]
    strokes.set(character, { keycode: spare.keycode, held: isPlain ? [] : [shift!] })
  }
  return { strokes, fresh }
}

function isSame(one: KeyLoan['keysyms'] | undefined, other: KeyLoan['keysyms']): boolean {
  return one?.[0] === other[0] && one[1] === other[1]
}

/** A letter is lent together with its capital, so that a text has them both for one key. */
function loanFor(character: string, hasShift: boolean): KeyLoan['keysyms'] {
  const [plain, shifted] = [character.toLowerCase(), character.toUpperCase()]
  const isPair =
    plain !== shifted &&
    [plain, shifted].every((one) => [...one].length === 1) &&
    plain.toUpperCase() === shifted &&
    shifted.toLowerCase() === plain
  return isPair && hasShift ? [keysymOf(plain), keysymOf(shifted)] : [keysymOf(character), 0]
}
