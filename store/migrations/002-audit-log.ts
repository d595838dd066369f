import type { Knex } from 'knex'
import { AUDIT_GENESIS } from '../../protocol/messages/audit.ts'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('audit_log', (table) => {
    table.bigInteger('seq').primary()
    /** As it was signed and is exported, to the byte. */
    table.text('line').notNullable()
  })
  /** One row: the newest line. Counting it up is what takes the write lock. */
  await knex.schema.createTable('audit_head', (table) => {
    table.integer('id').primary()
    table.bigInteger('seq').notNullable()
    table.string('hash', 43).notNullable()
  })
  await knex('audit_head').insert({ id: 1, seq: 0, hash: AUDIT_GENESIS })
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['audit_head', 'audit_log']) await knex.schema.dropTable(table)
}
