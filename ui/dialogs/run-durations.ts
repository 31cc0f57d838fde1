/** NiFi's steps, milliseconds. */
export const RUN_DURATIONS = [0, 25, 50, 100, 250, 500, 1000, 2000] as const;

/** The step that is nearest to a duration. */
export function sliderOf(millis: number): number {
  const distances = RUN_DURATIONS.map((step) => Math.abs(step - millis));
  return distances.indexOf(Math.min(...distances));
}
