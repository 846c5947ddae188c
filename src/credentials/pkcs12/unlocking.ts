import type { WorkBudget } from "./budget.ts";
import type { PasswordForm } from "./password_forms.ts";

/** What reading the locked parts of one file takes, and what it leaves behind. */
export interface Unlocking {
  form: PasswordForm;
  budget: WorkBudget;
  /** What the user should know about the file. */
  warnings: Set<string>;
}
