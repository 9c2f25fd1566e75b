//! The ports in memory keep the contract, and the loop of `messaging` keeps its promises on them.

mod contract;
