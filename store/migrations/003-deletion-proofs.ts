import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('deletion_proofs', (table) => {
    // A number of its own: should files of a session come back after its deletion, they are deleted again [R6].
    table.increments('id').primary()
    table.string('session_id', 22).notNullable().index()
    table.string('state', 8).notNullable().index()
    table.string('head_hash', 43)
    table.integer('entries').notNullable()
    table.bigInteger('bytes').notNullable()
    table.bigInteger('due_at_ms').notNullable()
    table.bigInteger('deleted_at_ms').notNullable()
    table.bigInteger('key_slot_ms').notNullable()
    table.boolean('reported').notNullable().defaultTo(false)
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('deletion_proofs')
}
