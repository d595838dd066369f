import type { OpenedRecord } from '../peer/recording/reader.ts'
import type { HolderInterval } from '../protocol/messages/entry.ts'

/**
 * Text from a recording as plain text: what could move the reader's cursor, hide or reorder text becomes a visible
 * `⟨U+001B⟩`. The bracket ⟨ itself is written so too, so that nothing can pretend to be such a mark.
 */
export function plainText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200e}\u{200f}\u{061c}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{27e8}]/gu,
    (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}

/** `2026-03-01 11:15:02.123 +01:00`, in the time zone of this machine. */
export function localTime(atMs: number): string {
  const offsetMinutes = -new Date(atMs).getTimezoneOffset()
  const shifted = new Date(atMs + offsetMinutes * 60_000).toISOString()
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const size = Math.abs(offsetMinutes)
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)} ${offset}`
}

/** One line of `events.txt`: local time, the same in UTC, what happened. */
export function eventLine(atMs: number, what: string): string {
  return `${localTime(atMs)}  (${new Date(atMs).toISOString()})  ${what}`
}

/** What a record says in words; undefined for stills, which are files of their own. */
export function eventWords({ content }: OpenedRecord): string | undefined {
  switch (content.t) {
    case 'stills':
      return undefined
    case 'chat':
      return `chat, ${content.from}: ${plainText(content.text)}`
    case 'consent':
      return `consent to ${content.subject}: ${content.event}`
    case 'holder':
      return holderWords(content)
    case 'clipboard':
      return `clipboard: ${content.length} characters from the ${content.from}`
    case 'level':
      return `level: ${content.level ?? 'none'}`
    case 'picture':
      return `picture: ${content.state}${content.reason === undefined ? '' : ` (${plainText(content.reason)})`}`
    case 'join':
      return `joined: ${content.who}, ${plainText(content.name)}`
    case 'end':
      return `end: ${content.reason}${content.by === null ? '' : `, by the ${content.by}`}`
  }
}

/** Who held mouse and keyboard in one stretch, and how many events each made [K6]. */
function holderWords({ holder, fromMs, toMs, expert, customer }: HolderInterval): string {
  const seconds = ((toMs - fromMs) / 1000).toFixed(1)
  return (
    `mouse and keyboard: the ${holder}, ${seconds} s until here; ` +
    `expert: ${expert.moves} moves, ${expert.buttons} buttons, ${expert.wheels} wheel, ${expert.keys} keys, ` +
    `${expert.refused} refused; customer: ${customer.moves} moves, ${customer.presses} presses`
  )
}
