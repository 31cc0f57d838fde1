/** A java.util.Date: milliseconds since 1970. */
export class DateValue {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }
}

/** A java.time.Instant: seconds since 1970, and nanoseconds from 0 to 999,999,999. */
export class InstantValue {
  readonly seconds: number;
  readonly nanos: number;

  constructor(seconds: number, nanos: number) {
    this.seconds = seconds;
    this.nanos = nanos;
  }

  static ofMilliseconds(milliseconds: number): InstantValue {
    const seconds = Math.floor(milliseconds / 1000);
    return new InstantValue(seconds, (milliseconds - seconds * 1000) * 1_000_000);
  }

  get milliseconds(): number {
    return this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
  }
}
