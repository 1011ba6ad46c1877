// The members of a number, as the table shows them and the dialog asks for them.

/** `label` names a column and a field, `short` a value on a narrow screen; the others are an input's attributes. */
export const members = [
  { name: "value", label: "Number", short: "Number", inputmode: "tel", placeholder: "+55 84 91234-4321" },
  { name: "monthyPrice", label: "Price a month", short: "A month", isPrice: true, inputmode: "decimal", placeholder: "0.03" },
  { name: "setupPrice", label: "Price once", short: "Once", isPrice: true, inputmode: "decimal", placeholder: "3.40" },
  // The filter has the id that is its name.
  { name: "currency", label: "Currency", short: "Currency", id: "number-currency", list: "currencies", placeholder: "U$" },
];
