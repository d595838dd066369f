import { readFileSync } from 'node:fs'
import t from 'tap'

const css = readFileSync(new URL('../../expert-ui/style/tokens.css', import.meta.url), 'utf8')
const [light, dark] = css.split('@media (prefers-color-scheme: dark)') as [string, string]

function tokensOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, n, v]) => [n!, v!]))
}

/** Relative luminance and contrast as in WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const TEXT_ON: [text: string, ground: string][] = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink-soft', 'ground'],
  ['ink-soft', 'surface'],
  ['accent', 'surface'],
  ['accent', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger-fill'],
  ['on-danger', 'danger-hover'],
  ['danger', 'danger-soft'],
  ['warn', 'warn-soft'],
  ['warn', 'ground'],
  ['warn', 'surface'],
  ['ink', 'warn-soft'],
  ['good', 'accent-soft'],
  ['on-stage', 'stage'],
  ['on-steer', 'steer'],
  ['on-yield', 'yield'],
  ['on-stage-soft', 'stage'],
]

for (const [name, tokens] of [
  ['light', tokensOf(light)],
  ['dark', { ...tokensOf(light), ...tokensOf(dark) }],
] as const) {
  t.test(`text can be read in ${name}`, (t) => {
    for (const [text, ground] of TEXT_ON) {
      const ratio = contrast(tokens[text]!, tokens[ground]!)
      t.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`)
    }
    t.ok(contrast(tokens['line-strong']!, tokens.surface!) >= 3, 'fields have a visible edge')
    t.end()
  })
}
