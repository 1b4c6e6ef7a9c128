"""Language models: hosted ones as versions, watched for changes that nobody announced, and measured."""
