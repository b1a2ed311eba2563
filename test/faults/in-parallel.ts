/** Runs tasks, so many at a time. Results are in the order of the tasks. */
export async function inParallel<Task, Result>(
  tasks: readonly Task[],
  width: number,
  run: (task: Task) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const index = next;
      next += 1;
      results[index] = await run(tasks[index]!);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
