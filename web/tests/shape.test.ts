/** What must be true of the sources whatever they do. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "@/locales/en";
import zh from "@/locales/zh-CN";

const SRC = join(import.meta.dirname, "..", "src");

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const own = files(SRC).filter((path) => !path.endsWith("schema.d.ts"));
const lines = (path: string): number => readFileSync(path, "utf8").split("\n").length;

function keys(words: object, above = ""): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === "object" ? keys(value, `${above}${name}.`) : [`${above}${name}`],
  );
}

describe("the sources", () => {
  it("are short", () => {
    expect(own.filter((path) => lines(path) > 400)).toEqual([]);
  });

  it("say the same things in both languages", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
  });

  it("say nothing in Chinese outside the words' files", () => {
    const allowed = /locales|states\.ts$|style\.ts$/;
    const speaking = own.filter(
      (path) => !allowed.test(path) && /[\u4e00-\u9fff]/.test(readFileSync(path, "utf8")),
    );
    expect(speaking).toEqual([]);
  });

  it("carry no inline style or script that the content security policy forbids", () => {
    const inline = own.filter((path) => /\sstyle="|v-html|\sonclick="/.test(readFileSync(path, "utf8")));
    expect(inline).toEqual([]);
  });

  it("keep styles to their component", () => {
    const loose = own.filter((path) => /<style>/.test(readFileSync(path, "utf8")));
    expect(loose.map((path) => path.slice(SRC.length))).toEqual([]);
  });
});
