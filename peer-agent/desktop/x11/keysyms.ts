import x11 from 'x11'

/** Keysyms are X's names for what is printed on a key. Those of characters are here told from the others. */

const TAB = 0xff09
const RETURN = 0xff0d
/** Keysyms from here to 0x0110ffff are Unicode code points; in the list some of them are described wrongly. */
const UNICODE = 0x0100_0000
const LAST_CODE_POINT = 0x10_ffff
/** In X's own list a keysym that is this character and nothing else is described by "(X) NAME". */
const EXACTLY = /^\((.)\) /u

const characters = new Map([
  [TAB, '\t'],
  [RETURN, '\n'],
])
const keysyms = new Map([
  ['\t', TAB],
  ['\n', RETURN],
])
for (const { code, description } of Object.values(x11.keySyms)) {
  const character = EXACTLY.exec(description ?? '')?.[1]
  if (character === undefined || code >= UNICODE) continue
  if (!characters.has(code)) characters.set(code, character)
  if (!keysyms.has(character)) keysyms.set(character, code)
}

/** The character a key with this keysym types; undefined for dead keys, arrows and the like. */
export function characterOf(keysym: number): string | undefined {
  const known = characters.get(keysym)
  if (known !== undefined) return known
  const codePoint = keysym - UNICODE
  return codePoint > 0 && codePoint <= LAST_CODE_POINT ? String.fromCodePoint(codePoint) : undefined
}

/** Older than Unicode where there is one, e.g. for € and Cyrillic: every toolkit knows those. */
export function keysymOf(character: string): number {
  return keysyms.get(character) ?? UNICODE + character.codePointAt(0)!
}
