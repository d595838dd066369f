import { LINE_NAMES, type LineName } from './line-names.ts'
import { KINDS, type Kind } from './work.ts'

export const SYSTEMS = ['lotse', 'tigervnc', 'chromium'] as const
export type SystemName = (typeof SYSTEMS)[number]

/** What of the bench is wanted: LOTSE_BENCH_KINDS, _SYSTEMS, _LINES, _SECONDS. */
export interface Choice {
  readonly kinds: readonly Kind[]
  readonly hasNamedKinds: boolean
  readonly systems: readonly SystemName[]
  readonly lines: readonly LineName[]
  readonly seconds: number
}

const SECONDS = 6

export function choiceFrom(env: NodeJS.ProcessEnv): Choice {
  return {
    kinds: some(env.LOTSE_BENCH_KINDS, KINDS, 'LOTSE_BENCH_KINDS'),
    hasNamedKinds: env.LOTSE_BENCH_KINDS !== undefined,
    systems: some(env.LOTSE_BENCH_SYSTEMS, SYSTEMS, 'LOTSE_BENCH_SYSTEMS'),
    lines: some(env.LOTSE_BENCH_LINES, LINE_NAMES, 'LOTSE_BENCH_LINES'),
    seconds: Number(env.LOTSE_BENCH_SECONDS ?? SECONDS),
  }
}

/** Throws where a word is none of those there are. */
function some<T extends string>(text: string | undefined, all: readonly T[], name: string): readonly T[] {
  if (text === undefined) return all
  return text.split(',').map((word) => {
    const found = all.find((one) => one === word)
    if (!found) throw new Error(`${name} names ${word}; there is ${all.join(', ')}.`)
    return found
  })
}

/** LOTSE_BENCH_SCREEN, as `3840x2160`. */
export function screenFrom({ LOTSE_BENCH_SCREEN: text = '1920x1080' }: NodeJS.ProcessEnv): {
  width: number
  height: number
} {
  const [, width, height] = /^(\d{3,5})x(\d{3,5})$/.exec(text) ?? []
  if (!width || !height) throw new Error(`LOTSE_BENCH_SCREEN is ${text}; it must be like 3840x2160.`)
  return { width: Number(width), height: Number(height) }
}
