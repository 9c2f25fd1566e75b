import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

// Each rule that is switched off says why; everything else is as strict as the linters have it.
export default defineConfig(
  // The client has rules of its own, and depends on no linter.
  globalIgnores(["dist/", "client/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat["recommended-latest"],
      jsxA11y.flatConfigs.recommended,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // What is logged is seen by whoever opens the browser's tools; an error has a place on the page.
      "no-console": "error",
      // A number is written as itself. A class of a CSS module may be undefined for the compiler, and a rule in
      // tests/tests/rules/console.rs sees to it that it is not.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowNullish: true }],
      // `onClick={() => setOpen(true)}` says what it does; a block would not say more.
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
);
