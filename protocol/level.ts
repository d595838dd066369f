import { type Static, Type } from 'typebox'

/** What the customer allows: view ⊂ control ⊂ admin. Each is granted on its own sentence [C2]. */
export const Level = Type.Union([Type.Literal('view'), Type.Literal('control'), Type.Literal('admin')])
export type Level = Static<typeof Level>

/** What a question to the customer can be about: a level, or whether the session goes on at all [C8]. */
export const Subject = Type.Union([
  Type.Literal('view'),
  Type.Literal('control'),
  Type.Literal('admin'),
  Type.Literal('go-on'),
])
export type Subject = Static<typeof Subject>

/** Who moves mouse and keyboard now. */
export const Holder = Type.Union([Type.Literal('customer'), Type.Literal('expert')])
export type Holder = Static<typeof Holder>

export const Role = Type.Union([Type.Literal('customer'), Type.Literal('expert'), Type.Literal('recorder')])
export type Role = Static<typeof Role>

/** Lowest first. */
export const LEVELS: readonly Level[] = ['view', 'control', 'admin']

/** True where `granted` contains `wanted`. */
export function includesLevel(granted: Level | null, wanted: Level): boolean {
  return granted !== null && LEVELS.indexOf(granted) >= LEVELS.indexOf(wanted)
}
