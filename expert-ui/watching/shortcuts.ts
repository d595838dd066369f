/** What a key does on the watching page. */
export type Shortcut =
  | { readonly does: 'show-all' }
  | { readonly does: 'show-monitor'; readonly index: number }
  | { readonly does: 'zoom' | 'full-screen' | 'chat' | 'keys' }

interface Key {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly repeat: boolean
}

/** Single keys, so that every shortcut of the browser stays what it is. Null where the key means nothing here. */
export function shortcutOf(pressed: Key): Shortcut | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || pressed.repeat) return null
  const key = pressed.key.toLowerCase()
  if (/^[1-9]$/.test(key)) return { does: 'show-monitor', index: Number(key) - 1 }
  switch (key) {
    case '0':
      return { does: 'show-all' }
    case 'z':
      return { does: 'zoom' }
    case 'f':
      return { does: 'full-screen' }
    case 'c':
      return { does: 'chat' }
    case '?':
      return { does: 'keys' }
    default:
      return null
  }
}

/** True where the key goes into text, or into an open dialog, and is no shortcut. */
export function isTakenElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null
}
