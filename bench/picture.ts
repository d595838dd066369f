import { runAlone } from './picture/alone.ts'
import { choiceFrom } from './picture/choice.ts'
import { demandPrograms } from './picture/programs.ts'
import type { BenchResult } from './result.ts'

/**
 * The picture beside its peers, from the X server's change to the page, over lines of several widths. All of it runs in
 * a network namespace of its own, where nothing but what is measured is on the line. How it is measured: picture.md.
 */
export async function run(): Promise<BenchResult> {
  demandPrograms(choiceFrom(process.env).systems)
  return runAlone('runs.ts')
}
