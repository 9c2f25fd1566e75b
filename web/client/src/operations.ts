/** The operators' messages, apart from the customers': both have a `SagaState` of their own. */
export * from "./gen/proto/operations_api/v1/saga_service_pb.js";
