import { statfsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { quantile } from '../figures.ts'

const WRITES = 200
const BYTES = 2048
/** statfs(2), `f_type`. */
const KINDS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  16914836: 'memory (tmpfs)',
  2035054128: 'overlay',
}

/** What one small write with fdatasync takes in this folder, one after the other. */
export async function diskCost(folder: string): Promise<{ kind: string; p50Ms: number; p99Ms: number }> {
  const path = join(folder, 'probe')
  const file = await open(path, 'w')
  const bytes = Buffer.alloc(BYTES, 1)
  const took: number[] = []
  for (let n = 0; n < WRITES; n++) {
    const sinceMs = performance.now()
    await file.write(bytes, 0, BYTES, n * BYTES)
    await file.datasync()
    took.push(performance.now() - sinceMs)
  }
  await file.close()
  await rm(path)
  const { type } = statfsSync(folder)
  return {
    kind: KINDS[type] ?? `kind 0x${type.toString(16)}`,
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
  }
}
