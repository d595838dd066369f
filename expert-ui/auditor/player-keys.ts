/** What a key does in the player. Single keys, so that every shortcut of the browser stays what it is. */
export type PlayerKey =
  | { readonly does: 'play' | 'zoom' | 'zone' | 'skip' | 'full-screen' | 'help' | 'faster' | 'slower' }
  | { readonly does: 'change' | 'mark'; readonly direction: 1 | -1 }
  | { readonly does: 'seek'; readonly byMs: number }
  | { readonly does: 'begin' | 'end' | 'show-all' }
  | { readonly does: 'show-monitor'; readonly index: number }

interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}

const SEEK_MS = 5_000
const FAR_SEEK_MS = 30_000
const PAGE_SEEK_MS = 60_000

export function playerKeyOf({ key, ctrlKey, altKey, metaKey, shiftKey }: Pressed): PlayerKey | null {
  if (ctrlKey || altKey || metaKey) return null
  if (/^[1-9]$/.test(key)) return { does: 'show-monitor', index: Number(key) - 1 }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case ' ':
    case 'k':
      return { does: 'play' }
    case 'ArrowLeft':
      return { does: 'seek', byMs: shiftKey ? -FAR_SEEK_MS : -SEEK_MS }
    case 'ArrowRight':
      return { does: 'seek', byMs: shiftKey ? FAR_SEEK_MS : SEEK_MS }
    case 'PageUp':
      return { does: 'seek', byMs: -PAGE_SEEK_MS }
    case 'PageDown':
      return { does: 'seek', byMs: PAGE_SEEK_MS }
    case 'Home':
      return { does: 'begin' }
    case 'End':
      return { does: 'end' }
    case ',':
      return { does: 'change', direction: -1 }
    case '.':
      return { does: 'change', direction: 1 }
    case 'b':
      return { does: 'mark', direction: -1 }
    case 'n':
      return { does: 'mark', direction: 1 }
    case '+':
      return { does: 'faster' }
    case '-':
      return { does: 'slower' }
    case 's':
      return { does: 'skip' }
    case 'z':
      return { does: 'zoom' }
    case 'u':
      return { does: 'zone' }
    case 'f':
      return { does: 'full-screen' }
    case '0':
      return { does: 'show-all' }
    case '?':
      return { does: 'help' }
    default:
      return null
  }
}

/** True where the key belongs to what has the focus: text, an open dialog, or Space and Enter on a button. */
export function belongsElsewhere(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, dialog')) return true
  if ((key === ' ' || key === 'Enter') && target.closest('button')) return true
  // A list or picture that scrolls keeps the keys that scroll it.
  return /^(Arrow|Page|Home|End)/.test(key) && target.closest('[data-scrolls]') !== null
}
