import type { Knex } from 'knex'

export type Counter = 'allotments' | 'recorder-epoch'

/**
 * Counts up and returns the new value. As the first statement of a transaction it also takes the write lock, so
 * that transactions which count the same thing run one after the other, on any database.
 */
export async function countUp(trx: Knex.Transaction, name: Counter): Promise<number> {
  const [row] = await trx('counters').where({ name }).increment('value', 1).returning('value')
  if (!row) throw new Error(`the counter ${name} is missing`)
  return Number(row.value)
}
