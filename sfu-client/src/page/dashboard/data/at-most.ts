/**
 * Does the same for each, a few at a time.
 *
 * @returns what came of each, in their order
 */
export async function atMost<T, R>(
  atOnce: number,
  all: readonly T[],
  action: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(all.length);
  const queue = all.entries();
  const worker = async () => {
    for (const [index, one] of queue) results[index] = await action(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return results;
}
