import type { ChartData, ChartSeries } from './chart-data.ts';

/** On a field of 100 by 100, its beginning at the top: stretched to whatever room there is. */
interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Shape =
  | { kind: 'bar'; hue: string; bars: readonly Bar[] }
  | { kind: 'line'; hue: string; path: string }
  | { kind: 'area'; hue: string; path: string; edge: string };

export interface ChartShapes {
  shapes: readonly Shape[];
  /** Values of the lines across, from the lowest. */
  ticks: readonly number[];
  /** Where a value stands, from the top. */
  y: (value: number) => number;
}

/** What each series stands on, and how high it reaches. */
interface Level {
  from: number;
  to: number | null;
}

/** Of the room of a category, what is left between its bars and the next one’s. */
const GAP = 0.24;
const LINES = 4;

export function chartShapes({ series, categories }: ChartData): ChartShapes {
  const levels = levelsOf(series);
  const reached = levels.flat().flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
  const ticks = ticksBetween(Math.min(0, ...reached), Math.max(0, ...reached));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const y = (value: number) => 100 - ((value - low) / (high - low)) * 100;
  const room = 100 / categories.length;
  const slots = [...new Set(series.filter(({ kind }) => kind === 'bar').map(slotOf))];
  const width = (room * (1 - GAP)) / Math.max(1, slots.length);
  const shapes = series.map((each, index): Shape => {
    const { hue } = each;
    const level = levels[index]!;
    if (each.kind === 'bar') {
      const at = slots.indexOf(slotOf(each)) * width + (room * GAP) / 2;
      const bars = level.flatMap(({ from, to }, category): Bar[] => {
        if (to === null) return [];
        const [top, bottom] = [y(Math.max(from, to)), y(Math.min(from, to))];
        return [{ x: category * room + at, y: top, width, height: bottom - top }];
      });
      return { kind: 'bar', hue, bars };
    }
    const point = (value: number, category: number) => ({ x: (category + 0.5) * room, y: y(value) });
    const runs = runsOf(level);
    const edges = runs.map((run) =>
      curve(
        run.map(({ level: { to }, at }) => point(to!, at)),
        each.curve,
      ),
    );
    const edge = edges.join('');
    if (each.kind === 'line') return { kind: 'line', hue, path: edge };
    const path = runs.map((run, place) => {
      const ground = run.map(({ level: { from }, at }) => point(from, at)).reverse();
      return `${edges[place]}${curve(ground, each.curve).replace('M', 'L')}Z`;
    });
    return { kind: 'area', hue, path: path.join(''), edge };
  });
  return { shapes, ticks, y };
}

function slotOf({ stack, label }: ChartSeries): string {
  return stack === null ? `one ${label}` : `stack ${stack}`;
}

function levelsOf(series: readonly ChartSeries[]): Level[][] {
  const grounds = new Map<string, { up: number; down: number }[]>();
  return series.map(({ kind, stack, values }) => {
    if (stack === null || kind === 'line') return values.map((to) => ({ from: 0, to }));
    const key = `${kind} ${stack}`;
    const ground = grounds.get(key) ?? values.map(() => ({ up: 0, down: 0 }));
    grounds.set(key, ground);
    return values.map((value, at) => {
      const below = ground[at]!;
      // What is negative hangs down: it takes nothing from what stands above.
      const side = value !== null && value < 0 ? 'down' : 'up';
      const from = below[side];
      if (value === null) return { from, to: null };
      below[side] += value;
      return { from, to: below[side] };
    });
  });
}

/** Parts of a line between its holes. */
function runsOf(levels: readonly Level[]): { level: Level; at: number }[][] {
  const runs: { level: Level; at: number }[][] = [];
  let open = false;
  for (const [at, level] of levels.entries()) {
    if (level.to !== null) {
      if (!open) runs.push([]);
      runs.at(-1)!.push({ level, at });
    }
    open = level.to !== null;
  }
  return runs;
}

interface Point {
  x: number;
  y: number;
}

/** A line through all the points: straight, in steps, or else smooth without going beyond them. */
function curve(points: readonly Point[], type: string): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const begin = `M${put(first)}`;
  if (/^step/.test(type)) {
    return rest.reduce((path, to, index) => {
      const from = points[index]!;
      const turn = type === 'stepBefore' ? from.x : type === 'stepAfter' ? to.x : (from.x + to.x) / 2;
      return `${path}L${put({ x: turn, y: from.y })}L${put({ x: turn, y: to.y })}L${put(to)}`;
    }, begin);
  }
  if (type === '' || type.startsWith('linear') || points.length < 3)
    return rest.reduce((path, to) => `${path}L${put(to)}`, begin);
  const slopes = slopesOf(points);
  return rest.reduce((path, to, index) => {
    const from = points[index]!;
    const third = (to.x - from.x) / 3;
    const out = { x: from.x + third, y: from.y + third * slopes[index]! };
    const into = { x: to.x - third, y: to.y - third * slopes[index + 1]! };
    return `${path}C${put(out)} ${put(into)} ${put(to)}`;
  }, begin);
}

/** How steep a smooth line is in each point, so that it rises and falls only where the points do (Fritsch and Carlson, 1980). */
function slopesOf(points: readonly Point[]): number[] {
  const steps = points.slice(1).map(({ x, y }, index) => (y - points[index]!.y) / (x - points[index]!.x));
  return points.map((_, index) => {
    const [before, after] = [steps[index - 1], steps[index]];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    if (before * after <= 0) return 0;
    return (2 * before * after) / (before + after);
  });
}

function put({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Round numbers at equal distances that hold both ends. */
function ticksBetween(low: number, high: number): number[] {
  const span = high - low || 1;
  const rough = span / LINES;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const from = Math.floor(low / step);
  const to = Math.max(from + 1, Math.ceil(high / step));
  // Of whole numbers, so that no error adds up; the factor may be no power of two.
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}
