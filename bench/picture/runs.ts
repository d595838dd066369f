import { choiceFrom } from './choice.ts'
import { type Figures, measure } from './measure.ts'
import { withBench } from './open-bench.ts'
import { planOf } from './plan.ts'
import { shortOf } from './targets.ts'
import { KINDS } from './work.ts'

/** Measures what was chosen, one after the other, and tells the figures to the process that started it. */
/** Of one core, taken by what has nothing to do with the bench. */
const MOST_OTHERS_PERCENT = 20

const choice = choiceFrom(process.env)
/** Every system is shown the same, and every run something else. */
const seed = Math.floor(Math.random() * 2 ** 31)
const found: Record<string, Figures> = {}
for (const line of choice.lines) {
  for (const system of choice.systems) {
    const kinds = planOf(choice, line, system)
    if (kinds.length === 0) continue
    await withBench(line, system, kinds.includes('keys'), async (bench) => {
      for (const kind of kinds) {
        const figures = await measure(bench, kind, seed + KINDS.indexOf(kind), choice.seconds)
        found[`${system} ${line} ${kind}`] = figures
        // At once, so that a run that is broken off was not in vain.
        console.error(`${system}, line ${line}, ${kind}: ${JSON.stringify(figures)}`)
      }
    })
  }
}
const figures = Object.entries(found).flatMap(([run, figures]) =>
  Object.entries(figures).map(([what, figure]) => [`${run} ${what}`, figure]),
)
const disturbed = Object.values(found).filter(
  ({ othersCpuPercent }) => othersCpuPercent! > MOST_OTHERS_PERCENT,
)
if (disturbed.length > 0)
  console.error(
    `${disturbed.length} of ${Object.keys(found).length} runs shared the machine with other work: their figures say little.`,
  )
process.send!({ figures: Object.fromEntries(figures), fallsShort: shortOf(found) })
process.exit()
