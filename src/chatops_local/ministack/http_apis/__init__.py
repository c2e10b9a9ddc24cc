"""HTTP APIs: who may call routes with IAM authorization, and CORS."""
