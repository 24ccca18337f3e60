// Prints the figures that tests measured (see `figure` in fixtures.ts) as one table at the end.
import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

interface Figure {
  what: string;
  value: string;
  bar: string;
}

export default class FiguresReporter implements Reporter {
  private readonly figures: Figure[] = [];

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const { type, description } of result.annotations) {
      if (type === "figure" && description) this.figures.push(JSON.parse(description) as Figure);
    }
  }

  onEnd(): void {
    if (this.figures.length === 0) return;
    const rows = [{ what: "figure", value: "measured", bar: "bar" }, ...this.figures];
    const width = (column: keyof Figure) => Math.max(...rows.map((row) => row[column].length));
    console.log();
    for (const { what, value, bar } of rows) {
      console.log(`  ${what.padEnd(width("what"))}  ${value.padStart(width("value"))}  ${bar}`.trimEnd());
    }
    console.log();
  }

  printsToStdio(): boolean {
    return false;
  }
}
