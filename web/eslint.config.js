import { readdirSync } from "node:fs";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

const rooms = readdirSync(new URL("./src/rooms", import.meta.url));

/** Rooms don't know each other or the shell; only map/ knows the map library. */
function rules(...patterns) {
  return { "no-restricted-imports": ["error", { patterns: patterns.flat() }] };
}
const library = {
  group: ["maplibre-gl", "maplibre-gl/*"],
  message: "Only src/map knows the map library.",
};
const fetching = { group: ["openapi-fetch"], message: "Only src/api talks to the server." };
const upward = (names, message) => ({ group: names.flatMap((one) => [`@/${one}`, `@/${one}/*`]), message });

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  ...ts.configs.recommended,
  ...vue.configs["flat/essential"],
  {
    files: ["**/*.vue"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-eval": "error",
      "vue/no-v-html": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
    },
  },
  { files: ["src/app/**"], rules: rules(library, fetching) },
  { files: ["src/api/**"], rules: rules(library, upward(["app", "rooms", "ui", "map"], "api is below.")) },
  { files: ["src/ui/**"], rules: rules(library, fetching, upward(["app", "rooms", "map"], "ui is below.")) },
  { files: ["src/map/**"], rules: rules(fetching, upward(["app", "rooms"], "map is below the rooms.")) },
  ...rooms.map((room) => ({
    files: [`src/rooms/${room}/**`],
    rules: rules(
      library,
      fetching,
      upward(["app", "rooms"], "Rooms don't know each other; the shell knows them."),
    ),
  })),
);
