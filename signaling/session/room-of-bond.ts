import type { CustomerConnection, ExpertConnection } from '../connection.ts'
import type { Room } from './room.ts'

/** For handlers that the gate lets through only in a room; anything else is a mistake of ours. */
export function roomOfBond({ role, bond }: ExpertConnection | CustomerConnection): Room {
  if (bond.to !== 'room') throw new TypeError(`the gate let an ${role} without a session through`)
  return bond.room
}
