/**
 * The ten instances that have most of something at the end of the range, over the whole range: always ten lines, where
 * `topk` alone gives those of each moment.
 *
 * @param selector a metric, in the notation of `expand`
 */
export function highestTen(selector: string): string {
  return `max by (job, instance) (${selector}) and on (job, instance) topk(10, max by (job, instance) (${selector} @ end()))`;
}
