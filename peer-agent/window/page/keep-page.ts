/** With Ctrl alone, or Ctrl and Shift: editing, enlarging, loading anew and closing are the customer's. */
const CUSTOMERS_OWN = {
  plain: new Set([
    'a',
    'c',
    'v',
    'x',
    'y',
    'z',
    'r',
    'w',
    '+',
    '-',
    '=',
    '0',
    'F4',
    'Enter',
    'Insert',
    'Tab',
  ]),
  shifted: new Set(['v', 'z', 'r', '+', 'Tab']),
}
const MOVING = /^(Arrow|Home$|End$|Page|Backspace$|Delete$|Control$|Shift$|Meta$)/
/** Help, caret browsing and developer tools. */
const BROWSERS_OWN = /^(F1|F7|F12|Browser\w+)$/

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Would open developer tools or another window, or leave the page. */
export function isBrowsersKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): boolean {
  // Together these two are AltGr: a character such as @ or €.
  if (ctrlKey && altKey) return false
  if (ctrlKey || metaKey) {
    const own = shiftKey ? CUSTOMERS_OWN.shifted : CUSTOMERS_OWN.plain
    return altKey || !(MOVING.test(key) || own.has(key.length === 1 ? key.toLowerCase() : key))
  }
  if (altKey) return key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home'
  return BROWSERS_OWN.test(key)
}

/** A button held down by Enter would be pressed again and again, and what takes its place as well. */
function isHeldEnter(event: KeyboardEvent): boolean {
  return event.repeat && event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement)
}

/** Nothing dropped, no menu and no key takes the customer's only window to another page, as far as a page can help it. */
export function keepPage(page: Document): void {
  const prevent = (event: Event) => event.preventDefault()
  for (const kind of ['dragover', 'drop', 'contextmenu']) page.addEventListener(kind, prevent)
  page.addEventListener(
    'keydown',
    (event) => {
      if (isBrowsersKey(event) || isHeldEnter(event)) event.preventDefault()
    },
    { capture: true },
  )
}
