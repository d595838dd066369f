/** Everything below belongs to the module's own tables; above it the wrapper hands out memory. */
export function heapStart(): usize {
  return __heap_base
}
