/** Prints what failed, by title, and as the very last line the sum; sets the exit code. No test at all is a failure. */
export function closeWith(results) {
  const passed = sum(results, result => result.passed);
  const skipped = sum(results, result => result.skipped);
  const failures = results.flatMap(result => result.failures);
  if (passed + failures.length === 0) failures.push('no test ran');
  for (const failure of failures) console.log(`failed: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

function sum(results, count) {
  return results.reduce((total, result) => total + count(result), 0);
}
