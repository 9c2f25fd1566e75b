interface Props {
  label: string;
  /** What it says if nothing is chosen. */
  all: string;
  value: string | undefined;
  /** Values with their names. */
  options: readonly (readonly [string, string])[];
  choose: (value: string | undefined) => void;
}

/** A choice of one value, or of all. */
export function Choice({ label, all, value = "", options, choose }: Props) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => choose(target.value === "" ? undefined : target.value)}>
        <option value="">{all}</option>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
