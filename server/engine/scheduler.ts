import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { reasonNotToTrigger } from './reason-not-to-trigger.ts';
import { ReadyList } from './ready-list.ts';
import type { Runnable, Waker } from './runnable.ts';
import { newTask, type Outcome, runTask, type Task } from './trigger.ts';

/** How long the scheduler works before the event loop gets a turn, and how long one runnable keeps its turn; milliseconds. */
const TURN_MILLIS = 8;
const SLICE_MILLIS = 1;
/** A source that had nothing to do is asked again after this (NiFi's bored yield duration). */
const BORED_MILLIS = 10;
/** Timers look at the clock at least so often. */
const LONGEST_SLEEP_MILLIS = 30_000;

/**
 * Triggers runnables when there is a reason to: data came, room came free, a time has come, a task ended. It never polls: with
 * nothing to do it costs nothing. Among those ready the one furthest downstream goes first (see ReadyList), so that data
 * leaves before more comes in.
 */
export class Scheduler implements Waker {
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #ready = new ReadyList();
  readonly #timers = new Map<Runnable, { at: number; cancel: () => void }>();
  readonly #tasks = new Map<Runnable, Set<Task>>();
  readonly #idleTasks = new Map<Runnable, Task>();
  readonly #stopped = new Map<Runnable, (() => void)[]>();
  #pumping = false;
  #scheduled = false;

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** Begins to trigger. The runnable's work and settings must be set. */
  start(runnable: Runnable): void {
    this.#begin(runnable, 'running');
  }

  /** Triggers once, then stops. With nothing to work on, or no room for results, it stops at once. */
  runOnce(runnable: Runnable): void {
    this.#begin(runnable, 'once');
    if (!runnable.ready && reasonNotToTrigger(runnable, this.#clock.now())) void this.stop(runnable);
  }

  /** Triggers a running one now, or as soon as its present task has ended; its schedule goes on as if nothing had happened. */
  triggerNow(runnable: Runnable): void {
    if (runnable.state !== 'running') return;
    runnable.plannedRun = Math.max(runnable.plannedRun, runnable.nextRun);
    runnable.nextRun = 0;
    runnable.yieldUntil = 0;
    this.wake(runnable);
  }

  /** Triggers no more; resolves when the last task has ended. */
  stop(runnable: Runnable): Promise<void> {
    this.#ready.remove(runnable);
    this.#cancelTimer(runnable);
    if (runnable.activeTasks === 0) {
      const wasStopped = runnable.state === 'stopped';
      runnable.state = 'stopped';
      if (!wasStopped) this.#settleStop(runnable);
      return Promise.resolve();
    }
    runnable.state = 'stopping';
    return new Promise((resolve) => this.#stopped.set(runnable, [...(this.#stopped.get(runnable) ?? []), resolve]));
  }

  /** Gives up the running tasks: their sessions are rolled back and whatever they still do is ignored. */
  terminate(runnable: Runnable): number {
    const tasks = [...(this.#tasks.get(runnable) ?? [])];
    for (const task of tasks) {
      task.terminated = true;
      task.session.abandon();
    }
    this.#tasks.delete(runnable);
    this.#idleTasks.delete(runnable);
    runnable.terminatedTasks += tasks.length;
    runnable.activeTasks = 0;
    if (runnable.state === 'stopping') runnable.state = 'stopped';
    this.#settleStop(runnable);
    return tasks.length;
  }

  /** Something changed that may give the runnable work. */
  wake(runnable: Runnable): void {
    if (runnable.ready || !this.#journal.healthy) return;
    const now = this.#clock.now();
    const reason = reasonNotToTrigger(runnable, now);
    if (reason) return 'until' in reason ? this.#wakeAt(runnable, reason.until) : undefined;
    runnable.readySince = this.#clock.monotonic();
    this.#ready.add(runnable);
    this.#schedule();
  }

  /** Wakes everyone: the store takes data again. */
  wakeAll(runnables: Iterable<Runnable>): void {
    for (const runnable of runnables) this.wake(runnable);
    // Those that were ready when it failed still are.
    if (this.#ready.size > 0) this.#schedule();
  }

  #begin(runnable: Runnable, state: 'running' | 'once'): void {
    const now = this.#clock.now();
    const { schedule } = runnable.settings;
    runnable.state = state;
    runnable.waker = this;
    runnable.yieldUntil = 0;
    runnable.plannedRun = 0;
    runnable.nextRun = schedule.strategy === 'cron' && state === 'running' ? (schedule.next(now) ?? Number.POSITIVE_INFINITY) : 0;
    this.wake(runnable);
  }

  #schedule(): void {
    if (this.#scheduled || this.#pumping) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  /** Works for a while, then lets the event loop have its turn. */
  #pump(): void {
    this.#pumping = true;
    try {
      this.#work(this.#clock.monotonic() + TURN_MILLIS);
    } finally {
      this.#pumping = false;
      if (this.#ready.size > 0 && this.#journal.healthy) this.#schedule();
    }
  }

  #work(end: number): void {
    for (;;) {
      const started = this.#clock.monotonic();
      if (started >= end) return;
      const runnable = this.#journal.healthy ? this.#ready.take(started) : undefined;
      // A source's turn means that nobody downstream has work.
      if (this.#journal.isDue(this.#clock.now(), runnable === undefined || runnable.incoming.length === 0)) this.#journal.tryFlush();
      if (!runnable) return;
      this.#slice(runnable, started);
    }
  }

  /** Triggers a runnable again and again until it has nothing to do or its slice is over. */
  #slice(runnable: Runnable, begin: number): void {
    const { runDuration } = runnable.settings;
    if (runDuration > 0 && runnable.turnUntil <= begin) runnable.turnUntil = begin + runDuration;
    // A run duration keeps the runnable first in line, not the event loop waiting.
    const end = begin + Math.max(SLICE_MILLIS, Math.min(runDuration, TURN_MILLIS));
    let tasks = 0;
    for (;;) {
      const reason = reasonNotToTrigger(runnable, this.#clock.now());
      if (reason) {
        if ('until' in reason) this.#wakeAt(runnable, reason.until);
        break;
      }
      tasks++;
      if (this.#trigger(runnable) && this.#clock.monotonic() >= end) {
        this.wake(runnable);
        break;
      }
    }
    const figures = runnable.statistics.at(this.#clock.now());
    figures.tasks += tasks;
    figures.taskMillis += this.#clock.monotonic() - begin;
  }

  /** One trigger; returns whether it was synchronous. */
  #trigger(runnable: Runnable): boolean {
    const task = this.#takeTask(runnable);
    runnable.activeTasks++;
    this.#planNextRun(runnable);
    const outcome = runTask(task, this.#clock);
    if (outcome instanceof Promise) {
      const tasks = this.#tasks.get(runnable) ?? new Set();
      this.#tasks.set(runnable, tasks.add(task));
      void outcome.then((result) => this.#ended(task, result));
      return false;
    }
    this.#idleTasks.set(runnable, task);
    this.#settleTask(runnable, outcome);
    return true;
  }

  /** Synchronous tasks follow each other and use one session in turn. */
  #takeTask(runnable: Runnable): Task {
    const task = this.#idleTasks.get(runnable);
    if (!task) return newTask(runnable, this.#journal, this.#clock);
    this.#idleTasks.delete(runnable);
    return task;
  }

  #ended(task: Task, outcome: Outcome): void {
    const { runnable } = task;
    runnable.statistics.at(this.#clock.now()).taskMillis += this.#clock.now() - task.started;
    if (task.terminated) {
      runnable.terminatedTasks--;
      return;
    }
    this.#tasks.get(runnable)?.delete(task);
    this.#settleTask(runnable, outcome);
    this.wake(runnable);
  }

  #settleTask(runnable: Runnable, outcome: Outcome): void {
    runnable.activeTasks--;
    if (runnable.state === 'once') runnable.state = runnable.activeTasks > 0 ? 'stopping' : 'stopped';
    else if (runnable.state === 'stopping' && runnable.activeTasks === 0) runnable.state = 'stopped';
    if (runnable.state === 'stopped') return this.#settleStop(runnable);
    if (outcome === 'idle') this.#bored(runnable);
  }

  /** Whoever had nothing to do although nothing spoke against it waits a little. */
  #bored(runnable: Runnable): void {
    runnable.yieldUntil = Math.max(runnable.yieldUntil, this.#clock.now() + BORED_MILLIS);
  }

  #planNextRun(runnable: Runnable): void {
    const { schedule } = runnable.settings;
    if (schedule.strategy === 'timer') {
      if (schedule.period > 0) runnable.nextRun = this.#clock.now() + schedule.period;
    } else runnable.nextRun = schedule.next(this.#clock.now()) ?? Number.POSITIVE_INFINITY;
    if (runnable.plannedRun > this.#clock.now()) runnable.nextRun = runnable.plannedRun;
    runnable.plannedRun = 0;
  }

  #settleStop(runnable: Runnable): void {
    const waiting = this.#stopped.get(runnable);
    this.#stopped.delete(runnable);
    this.#idleTasks.delete(runnable);
    for (const resolve of waiting ?? []) resolve();
    runnable.onStopped();
  }

  #wakeAt(runnable: Runnable, at: number): void {
    const known = this.#timers.get(runnable);
    if (!Number.isFinite(at) || (known && known.at <= at)) return;
    known?.cancel();
    // Looked at again now and then, because the clock may be set.
    const cancel = this.#clock.after(Math.min(LONGEST_SLEEP_MILLIS, Math.max(0, at - this.#clock.now())), () => {
      this.#timers.delete(runnable);
      this.wake(runnable);
    });
    this.#timers.set(runnable, { at, cancel });
  }

  #cancelTimer(runnable: Runnable): void {
    this.#timers.get(runnable)?.cancel();
    this.#timers.delete(runnable);
  }
}
