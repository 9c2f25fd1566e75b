import { createClient, createRouterTransport } from "@connectrpc/connect";
import { OrderService, type ListProductsRequest } from "order-saga-client";
import { expect, test } from "vitest";
import { MAX_PRODUCTS, menuOf, namesBy } from "./menu.ts";

/** A menu of so many products, in pages of `pageSize` at the most; and what it was asked. */
function menu(count: number, pageSize: number) {
  const asked: ListProductsRequest[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(OrderService, {
      listProducts: (request) => {
        asked.push(request);
        const from = Number(request.pageToken);
        const to = Math.min(count, from + Math.min(pageSize, request.pageSize));
        const products = Array.from({ length: to - from }, (_, at) => {
          const number = String(count - from - at).padStart(3, "0");
          return { productId: `p${number}`, name: `Product ${number}` };
        });
        return { products, nextPageToken: to < count ? String(to) : "" };
      },
    });
  });
  return { api: { orders: createClient(OrderService, transport) }, asked };
}

test("every page of the menu is read, and the products come by their names", async () => {
  const { api, asked } = menu(45, 20);
  const products = await menuOf(api, {});
  expect(asked.map(({ pageToken }) => pageToken)).toEqual(["", "20", "40"]);
  expect(products).toHaveLength(45);
  expect(products[0]?.name).toBe("Product 001");
  expect(products[44]?.name).toBe("Product 045");
});

test("no more products are read than are shown", async () => {
  const { api, asked } = menu(1_000, 60);
  expect(await menuOf(api, {})).toHaveLength(MAX_PRODUCTS);
  expect(asked.map(({ pageSize }) => pageSize)).toEqual([100, 40]);
});

test("a product is called by its name on the menu, and one that is sold no more by its id", () => {
  const nameOf = namesBy([{ productId: "pizza-margherita", name: "Pizza Margherita" }]);
  expect(["pizza-margherita", "caesar-salad"].map(nameOf)).toEqual(["Pizza Margherita", "Caesar salad"]);
});
