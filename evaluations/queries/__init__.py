"""Reads: trees and their faults, facts, sheets, results."""
