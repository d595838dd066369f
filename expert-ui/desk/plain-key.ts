/** True where this key was pressed alone, once, and not into text. */
export function isPlain(event: KeyboardEvent, key: string): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return false
  const intoText = event.target instanceof Element && event.target.closest('input, textarea') !== null
  return event.key.toLowerCase() === key && !intoText
}
