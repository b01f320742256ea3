"""The few Streamlit idioms that every page shares."""
