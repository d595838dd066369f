import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('experts', (table) => {
    table.string('id', 32).primary()
    table.string('name', 80).notNullable()
    /** The name as it is compared: nobody may sign in as somebody who differs only in case. */
    table.string('name_key', 80).notNullable().unique()
    table.string('team', 80).notNullable()
    table.string('password_hash', 255).notNullable()
    table.boolean('disabled').notNullable().defaultTo(false)
    table.bigInteger('created_at_ms').notNullable()
  })
  await knex.schema.createTable('logins', (table) => {
    table.string('token_hash', 43).primary()
    table.string('expert_id', 32).notNullable().references('experts.id').index()
    table.bigInteger('created_at_ms').notNullable()
    table.bigInteger('expires_at_ms').notNullable()
  })
  await knex.schema.createTable('sessions', (table) => {
    table.string('id', 22).primary()
    table.string('expert_id', 32).notNullable().references('experts.id')
    table.string('nameplate', 5).notNullable()
    table.string('state', 8).notNullable()
    table.bigInteger('created_at_ms').notNullable()
    table.bigInteger('expires_at_ms').notNullable()
    table.bigInteger('burned_at_ms')
    table.bigInteger('ended_at_ms')
    table.string('end_reason', 32)
    table.string('ended_by', 10)
    table.string('expert_token_hash', 43).notNullable()
    table.string('customer_token_hash', 43)
    table.text('card_document').notNullable()
    table.string('card_signature', 86).notNullable()
    /** The nameplate while the session waits, else null: no nameplate ever leads to two waiting sessions [N1]. */
    table.string('waiting_nameplate', 5).unique()
    table.index(['state'])
  })
  await knex.schema.createTable('nameplates', (table) => {
    table.string('nameplate', 5).primary()
    table.integer('digits').notNullable()
    table.string('session_id', 22).notNullable()
    /** When the number that bears it ends if unused; the rest of 24 hours counts from here [N3]. */
    table.bigInteger('expires_at_ms').notNullable()
    table.index(['digits', 'expires_at_ms'])
  })
  await knex.schema.createTable('counters', (table) => {
    table.string('name', 32).primary()
    table.bigInteger('value').notNullable()
  })
  await knex('counters').insert([
    { name: 'allotments', value: 0 },
    { name: 'recorder-epoch', value: 0 },
  ])
  await knex.schema.createTable('recorder_leases', (table) => {
    table.bigInteger('epoch').primary()
    table.string('session_id', 22).notNullable().references('sessions.id').index()
    table.string('recorder_key', 43).notNullable().index()
    table.bigInteger('assigned_at_ms').notNullable()
    table.bigInteger('done_at_ms')
  })
  await knex.schema.createTable('recordings', (table) => {
    // No reference to sessions: the recorder may keep its index in a database of its own.
    table.string('session_id', 22).primary()
    table.string('state', 8).notNullable().index()
    table.bigInteger('started_at_ms').notNullable()
    table.bigInteger('ended_at_ms')
    table.integer('entries').notNullable()
    table.bigInteger('bytes').notNullable()
    table.string('head_hash', 43)
    table.bigInteger('retention_until_ms').notNullable().index()
  })
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'recordings',
    'recorder_leases',
    'counters',
    'nameplates',
    'sessions',
    'logins',
    'experts',
  ])
    await knex.schema.dropTable(table)
}
