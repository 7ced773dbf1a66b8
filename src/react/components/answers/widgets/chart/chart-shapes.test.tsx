import { expect, test } from 'vitest';
import { chartDataOf, type ChartSeries } from './chart-data.ts';
import { chartShapes } from './chart-shapes.ts';

type Given = Partial<ChartSeries> & Pick<ChartSeries, 'values'>;

const draw = (...series: Given[]) =>
  chartShapes({
    categories: series[0]!.values.map(String),
    series: series.map((each, index) => ({
      ...{ kind: 'bar', label: `s${index}`, stack: null, curve: '', hue: 'accent' },
      ...each,
    })),
    ...{ showsX: true, showsY: true, showsLegend: true },
  });
const bars = (...series: Given[]) =>
  draw(...series).shapes.map((shape) =>
    shape.kind === 'bar' ? shape.bars.map(({ y, height }) => [y, height].map(Math.round)) : [],
  );
const path = (series: Given) => {
  const [shape] = draw(series).shapes;
  return shape && 'path' in shape ? shape.path : '';
};

test.each([
  [
    [3, 5],
    [0, 2, 4, 6],
  ],
  [
    [-2, 5],
    [-2, 0, 2, 4, 6],
  ],
  [
    [0, 0],
    [0, 0.5, 1],
  ],
  [
    [0.1, 0.3],
    [0, 0.1, 0.2, 0.3],
  ],
  [
    [1e9, 3.2e9],
    [0, 1e9, 2e9, 3e9, 4e9],
  ],
  [
    [null, null],
    [0, 0.5, 1],
  ],
])('the lines across %j are round numbers', (values, ticks) => {
  const drawn = draw({ values }).ticks;
  expect(drawn[0]).toBe(ticks[0]);
  expect(drawn).toEqual(expect.arrayContaining([0]));
  expect(drawn.at(-1)).toBeGreaterThanOrEqual(Math.max(...values.map((value) => value ?? 0)));
  expect(drawn.length).toBeLessThanOrEqual(7);
});

test('bars stand on the zero line; those of one stack on each other, and what is negative hangs down', () => {
  expect(bars({ values: [4, -4] })).toEqual([
    [
      [0, 50],
      [50, 50],
    ],
  ]);
  expect(bars({ values: [2, 4], stack: 'a' }, { values: [2, -4], stack: 'a' })).toEqual([
    [
      [25, 25],
      [0, 50],
    ],
    [
      [0, 25],
      [50, 50],
    ],
  ]);
});

test('bars of different stacks stand beside each other within their category', () => {
  const { shapes } = draw({ values: [1, 1] }, { values: [1, 1] });
  const [first, second] = shapes.map((shape) => (shape.kind === 'bar' ? shape.bars : []));
  expect(second![0]!.x).toBeCloseTo(first![0]!.x + first![0]!.width);
  expect(second![0]!.x + second![0]!.width).toBeLessThan(50);
});

test('a line has a hole where there is no number', () => {
  expect(path({ kind: 'line', values: [0, 1, null, 1] })).toBe('M12.5,100L37.5,0M87.5,0');
});

test('a line goes in steps, or smoothly and nowhere beyond its points', () => {
  expect(path({ kind: 'line', values: [0, 1], curve: 'stepAfter' })).toBe('M25,100L75,100L75,0L75,0');
  const smooth = path({ kind: 'line', values: [0, 10, 10, 0, 3], curve: 'monotone' });
  const heights = [...smooth.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y));
  expect(smooth).toContain('C');
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...heights)).toBeLessThanOrEqual(100);
});

test('an area is closed along what it stands on', () => {
  expect(path({ kind: 'area', values: [1, 1] })).toBe('M25,0L75,0L75,100L25,100Z');
});

test.each([
  {},
  { data: [], series: [], xAxis: 'x' },
  { data: [{ x: 1 }], series: [{ dataKey: 'y' }], xAxis: null },
  { data: [null, 7], series: [{ dataKey: 'y' }], xAxis: 'x' },
])('what is no chart is none: %j', (node) => {
  expect(chartDataOf({ type: 'Chart', ...node })).toBeNull();
});

test('more than can be shown is left out, and what is no number is no value', () => {
  const data = Array.from({ length: 1_000 }, (_, x) => ({ x, y: [x, '7', 'x', NaN, null, {}][x % 6] }));
  const chart = chartDataOf({ type: 'Chart', data, series: [{ dataKey: 'y' }], xAxis: 'x' })!;
  expect(chart.categories).toHaveLength(400);
  expect(chart.series[0]!.values.slice(6, 12)).toEqual([6, 7, null, null, null, null]);
});
