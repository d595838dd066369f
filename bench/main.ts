import type { BenchResult } from './result.ts'

/** `npm run bench -- NAME [--json]`: the last line is then one line of JSON, with every target missed in `fallsShort`. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<BenchResult> }>>> = {
  control: () => import('./control.ts'),
  idle: () => import('./idle.ts'),
  picture: () => import('./picture.ts'),
  'picture-soak': () => import('./picture-soak.ts'),
  recorder: () => import('./recorder.ts'),
  playback: () => import('./playback.ts'),
}

const [name, ...flags] = process.argv.slice(2)
const load = name === undefined ? undefined : BENCHES[name]
if (!load) {
  console.error(`Say which: ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const { run } = await load()
const result = await run()
for (const [what, figure] of Object.entries(result.figures)) console.log(`${what}: ${figure}`)
for (const missed of result.fallsShort) console.log(`falls short: ${missed}`)
if (flags.includes('--json')) console.log(JSON.stringify({ bench: name, ...result }))
process.exit(result.fallsShort.length === 0 ? 0 : 1)
