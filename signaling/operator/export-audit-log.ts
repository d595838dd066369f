import { type FileHandle, open } from 'node:fs/promises'
import { readAuditLines } from '../../store/audit-log.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config.ts'
import { auditLogOf } from './audit.ts'
import { OperatorProblem } from './problem.ts'
import { withStore } from './with-store.ts'

/** Takes some lines, each ended by a line feed; resolves when it can take more. */
type Sink = (text: string) => void | Promise<void>

/** Writes every line up to now and, last, the signed statement of how far they go. */
export function exportAuditLog(config: Config, sink: Sink): Promise<void> {
  return withStore(config, async (store) => {
    const audit = auditLogOf(config, store)
    const head = await audit.head()
    await writeLines(store, head.seq, sink)
    await sink(`${audit.statement(head)}\n`)
  })
}

/** As it lies there: if lines are missing, the export must show it, not fail. */
async function writeLines(store: Store, lastSeq: number, sink: Sink): Promise<void> {
  for (let fromSeq = 1; fromSeq <= lastSeq; ) {
    const lines = await readAuditLines(store, { fromSeq, toSeq: lastSeq })
    const last = lines.at(-1)
    if (!last) return
    await sink(lines.map(({ text }) => `${text}\n`).join(''))
    fromSeq = last.seq + 1
  }
}

/** Into a new file, for its owner only. Returns what the operator reads. */
export async function exportAuditLogTo(config: Config, path: string): Promise<string> {
  const file = await newFile(path)
  try {
    await exportAuditLog(config, (text) => file.writeFile(text))
    await file.sync()
  } finally {
    await file.close()
  }
  return `The audit log is in ${path}. Keep it where the people who run this service cannot change it.\n`
}

async function newFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new OperatorProblem(`There is a file ${path} already. Nothing was changed.`)
    throw new OperatorProblem(`${path} cannot be written (${code}).`)
  }
}
