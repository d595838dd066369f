import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('experts', (table) => {
    /** Whoever may open recordings helps nobody, and the other way round. */
    table.string('role', 8).notNullable().defaultTo('expert')
  })
  await knex.schema.createTable('recording_requests', (table) => {
    table.string('id', 22).primary()
    table.string('session_id', 22).notNullable().index()
    table.string('kind', 8).notNullable()
    table.string('reason', 500).notNullable()
    table.string('case_number', 80).notNullable()
    table.string('asked_by', 32).notNullable().references('experts.id')
    table.bigInteger('asked_at_ms').notNullable().index()
    table.bigInteger('until_ms')
    table.string('state', 8).notNullable().index()
    table.string('decided_by', 32).references('experts.id')
    table.bigInteger('decided_at_ms')
    table.bigInteger('ends_at_ms')
    table.bigInteger('over_at_ms')
    table.string('because', 12)
    /** Of a hold: what the recorder was told last, and whether it could do it. */
    table.boolean('in_effect')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('recording_requests')
  await knex.schema.alterTable('experts', (table) => table.dropColumn('role'))
}
