import { assertEquals } from "@std/assert";
import { tellStep } from "../../../src/cli/demo/tell_step.ts";

Deno.test("tellStep() says in plain words what was done, and what is worth seeing", () => {
  assertEquals(tellStep({ step: "cloud", received: ["fan off", "fan on"] }), {
    done: "The cloud answered each, and 2 answers arrived",
    details: ["fan off, fan on"],
  });
  const certificate = {
    step: "certificate",
    deviceId: "thermometer",
    issuer: "CN=Demo CA",
    keyType: "EC P-256",
    notAfter: "2027-11-23T21:43:15.000Z",
    thumbprintSha256: "a".repeat(64),
  } as const;
  assertEquals(tellStep(certificate).details, [
    "EC P-256, valid until 2027-11-23, signed by CN=Demo CA",
    `SHA-256 ${"a".repeat(32)}…`,
  ]);
});
