import { runAlone } from './picture/alone.ts'
import { demandPrograms } from './picture/programs.ts'
import type { BenchResult } from './result.ts'

/** Half an hour of mixed work, or LOTSE_BENCH_MINUTES of it: does the memory of agent and page stay flat? */
export async function run(): Promise<BenchResult> {
  demandPrograms(['lotse'])
  return runAlone('soak.ts')
}
