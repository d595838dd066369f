import type { Deed } from '../../expert-ui/control/deed.ts'
import { type Keyboard, type KeyboardInput, NO_KEYS, stepKeyboard } from '../../expert-ui/control/keyboard.ts'

/**
 * One event as browsers were seen to send it: `down KeyQ @ [G]`, `up KeyQ @`, `text á`. In brackets the flags:
 * S, C, A, M for Shift, Control, Alt and Meta, G for AltGr, r for a repeat, c within a composition.
 */
export function keyInput(line: string): KeyboardInput {
  const [, t, rest] = /^(down|up|text|use) ?(.*)$/s.exec(line)!
  if (t === 'text') return { t, text: rest! }
  const [, code = '', key = '', marks = ''] = /^([^\s[]*) ?(.*?)(?: ?\[(\w+)\])?$/.exec(rest!)!
  const flags = {
    Shift: marks.includes('S'),
    Control: marks.includes('C'),
    Alt: marks.includes('A'),
    Meta: marks.includes('M'),
    isAltGraph: marks.includes('G'),
  }
  if (t === 'use') return { t, flags }
  const isRepeat = marks.includes('r')
  return {
    t: t as 'down' | 'up',
    code,
    key,
    flags,
    isRepeat,
    isComposing: marks.includes('c'),
    isDragging: false,
  }
}

export function told(deed: Deed): string {
  switch (deed.t) {
    case 'text':
      return `text ${deed.text}`
    case 'key':
      return `${deed.code} ${deed.isDown ? 'down' : 'up'}${deed.character ? ` ${deed.character}` : ''}`
    case 'button':
      return `${deed.button} ${deed.isDown ? 'down' : 'up'} ${deed.x},${deed.y}`
    case 'at':
      return `at ${deed.x},${deed.y}`
    case 'wheel':
      return `wheel ${deed.dx},${deed.dy} ${deed.x},${deed.y}`
  }
}

/** What reached the customer, and which events the browser was kept from acting on. */
export function played(lines: readonly string[]) {
  let keyboard: Keyboard = NO_KEYS
  const deeds: string[] = []
  const taken: string[] = []
  let leaves = 0
  for (const line of lines) {
    const step = stepKeyboard(keyboard, keyInput(line))
    keyboard = step.keyboard
    deeds.push(...step.deeds.map(told))
    if (step.isTaken) taken.push(line)
    if (step.isLeaving) leaves++
  }
  return { deeds, taken, leaves, keyboard }
}
